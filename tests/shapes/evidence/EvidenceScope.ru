# Evidence without a scope.
DELETE { :cited trt:citeScope ?any } WHERE { :cited trt:citeScope ?any }
