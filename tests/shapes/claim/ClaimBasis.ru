# A basis that is not one of the four.
DELETE { :party trt:basis ?any } INSERT { :party trt:basis trt:Certain } WHERE { :party trt:basis ?any }
