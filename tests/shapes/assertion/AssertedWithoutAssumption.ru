# A claim that rests on an assumption, asserted.
INSERT DATA { :window a trt:AssertedClaim }
