# Treaty and relation in one.
INSERT DATA { :treaty a trt:Alliance }
