treatyrdfSearch("shard","35",[["5",304,289,68,123]]);
