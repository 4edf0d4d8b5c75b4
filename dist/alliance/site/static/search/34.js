treatyrdfSearch("shard","34",[["4",665,75]]);
