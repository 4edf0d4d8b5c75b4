# An unknown value asserted.
INSERT DATA { :date a trt:AssertedClaim }
