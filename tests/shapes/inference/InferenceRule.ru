# An inference without a rule.
DELETE { :treaty-party trt:rule ?any } WHERE { :treaty-party trt:rule ?any }
