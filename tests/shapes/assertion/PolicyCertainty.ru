# A policy that admits what is only possible.
INSERT DATA { :policy trt:admitsCertainty trt:Possible }
