# A silence that nobody found.
DELETE { :place trt:claimant ?any } WHERE { :place trt:claimant ?any }
