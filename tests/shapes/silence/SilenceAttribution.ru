# A silence without a chain of holders.
DELETE { :place trt:attribution ?any } WHERE { :place trt:attribution ?any }
