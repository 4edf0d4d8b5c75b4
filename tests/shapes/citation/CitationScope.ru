# A citation that covers nothing.
DELETE { :citation trt:citeScope ?any } INSERT { :citation trt:citeScope trt:Uncited } WHERE { :citation trt:citeScope ?any }
