# A state of some years asserted for ever.
INSERT DATA { :held-for-years a trt:AssertedClaim }
