# A provision of no act.
DELETE { :provision trt:action ?any } WHERE { :provision trt:action ?any }
