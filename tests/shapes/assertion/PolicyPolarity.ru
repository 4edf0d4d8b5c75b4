# A policy that admits denials.
DELETE { :policy trt:admitsPolarity ?any } INSERT { :policy trt:admitsPolarity trt:Denied } WHERE { :policy trt:admitsPolarity ?any }
