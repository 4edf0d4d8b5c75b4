treatyrdfSearch("shard","30",[["0",824,4,4,4,4,4]]);
