treatyrdfSearch("shard","37",[["7",288,12,365]]);
