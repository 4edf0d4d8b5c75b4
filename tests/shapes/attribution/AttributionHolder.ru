# An attribution of nobody.
DELETE { :retold trt:holder ?any } WHERE { :retold trt:holder ?any }
