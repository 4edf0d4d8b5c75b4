# A state of nothing.
DELETE { :held trt:stateOf ?any } WHERE { :held trt:stateOf ?any }
