# Two states in one.
INSERT DATA { :held trt:state trt:Broken }
