# A data set that does not say what it asserts.
DELETE { :dataset trt:policy ?any } WHERE { :dataset trt:policy ?any }
