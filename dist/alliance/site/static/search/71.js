treatyrdfSearch("shard","71",[["quadrant",1,16,224,4,636,4,4,312,4,4,4,4,4]]);
