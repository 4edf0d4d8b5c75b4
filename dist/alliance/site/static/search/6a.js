treatyrdfSearch("shard","6a",[["joined",1308,4,4,4,4,4,109,4,4,151],["joining",80,2382],["joiningwar",2460],["joins",80,1236,1151],["jurisdiction",92,52,2326],["jurisdictionspace",2468]]);
