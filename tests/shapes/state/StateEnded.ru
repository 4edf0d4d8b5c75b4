# A state that ends twice.
INSERT DATA { :held trt:endedWith :forming }
