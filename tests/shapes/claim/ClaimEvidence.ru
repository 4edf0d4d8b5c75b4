# A claim without evidence.
DELETE { :party trt:evidence ?any } WHERE { :party trt:evidence ?any }
