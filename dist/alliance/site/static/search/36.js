treatyrdfSearch("shard","36",[["6",856]]);
