# A state that can only end after it has ended.
DELETE DATA { :held trt:earliestEndYear 2372 } ; INSERT DATA { :held trt:earliestEndYear 2373 }
