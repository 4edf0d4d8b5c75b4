# A provision for nobody.
DELETE { :provision trt:bearer ?any } WHERE { :provision trt:bearer ?any }
