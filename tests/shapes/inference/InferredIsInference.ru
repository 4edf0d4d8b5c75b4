# Inferred, yet not recorded as an inference.
DELETE DATA { :treaty-party a trt:Inference }
