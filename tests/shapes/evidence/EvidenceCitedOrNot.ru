# Called uncited, with a citation.
DELETE { :cited trt:citeScope ?any } INSERT { :cited trt:citeScope trt:Uncited } WHERE { :cited trt:citeScope ?any }
