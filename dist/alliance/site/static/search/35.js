treatyrdfSearch("shard","35",[["5",304,293,68,123]]);
