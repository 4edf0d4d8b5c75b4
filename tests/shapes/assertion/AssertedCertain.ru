# An uncertain claim asserted.
DELETE { :party trt:certainty ?any } INSERT { :party trt:certainty trt:Probable } WHERE { :party trt:certainty ?any }
