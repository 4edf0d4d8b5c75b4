# A state of nothing.
DELETE { :break trt:changes ?any } WHERE { :break trt:changes ?any }
