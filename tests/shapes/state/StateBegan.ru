# A state that ends with what began it.
DELETE { :held trt:endedWith ?any } INSERT { :held trt:endedWith :forming } WHERE { :held trt:endedWith ?any }
