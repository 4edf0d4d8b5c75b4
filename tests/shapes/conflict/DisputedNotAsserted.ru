# A disputed claim that is asserted too.
INSERT { ?claim a trt:DisputedClaim } WHERE { ?claim a trt:AssertedClaim }
