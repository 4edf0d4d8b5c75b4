treatyrdfSearch("shard","30",[["0",820,4,4,4,4,4]]);
