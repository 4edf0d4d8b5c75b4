# A hypothesis asserted.
INSERT DATA { :same a trt:AssertedClaim }
