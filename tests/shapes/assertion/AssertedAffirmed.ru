# A denied claim asserted.
DELETE { :party trt:polarity ?any } INSERT { :party trt:polarity trt:Denied } WHERE { :party trt:polarity ?any }
