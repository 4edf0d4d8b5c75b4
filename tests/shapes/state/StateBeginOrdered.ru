# A state that can only begin after it has begun.
DELETE DATA { :held trt:earliestBeginYear 2344 } ; INSERT DATA { :held trt:earliestBeginYear 2360 }
