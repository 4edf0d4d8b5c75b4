treatyrdfSearch("shard","34",[["4",661,75]]);
