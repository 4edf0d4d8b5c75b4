# A claim that nobody holds.
DELETE { :party trt:claimant ?any } WHERE { :party trt:claimant ?any }
