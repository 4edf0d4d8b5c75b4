# A state that is begun and ended at once.
DELETE { :break trt:endsState ?any } INSERT { :break trt:endsState trt:Broken } WHERE { :break trt:endsState ?any }
