# Years that end before they begin.
DELETE DATA { :held-for-years trt:fromYear 2354 } ; INSERT DATA { :held-for-years trt:fromYear 2375 }
