# A claim that does not say how sure the holder is.
DELETE { :aim trt:certainty ?any } WHERE { :aim trt:certainty ?any }
