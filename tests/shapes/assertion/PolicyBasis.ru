# A policy that admits what is only supposed.
INSERT DATA { :policy trt:admitsBasis trt:Supposed }
