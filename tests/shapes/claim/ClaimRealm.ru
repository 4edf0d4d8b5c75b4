# A claim of no world.
DELETE { :party trt:realm ?any } WHERE { :party trt:realm ?any }
