treatyrdfSearch("shard","33",[["3",288,12,464,8,12,16,12,8]]);
