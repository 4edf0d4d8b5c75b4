# A conflict of one claim.
DELETE DATA { :conflict trt:disputes :aim }
