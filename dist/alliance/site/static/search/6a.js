treatyrdfSearch("shard","6a",[["joined",1312,4,4,4,4,4,109,4,4,151],["joining",80,2446],["joiningwar",2524],["joins",80,1240,1211],["jurisdiction",92,52,2390],["jurisdictionspace",2532]]);
