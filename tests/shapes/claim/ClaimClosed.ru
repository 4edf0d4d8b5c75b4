# A misspelt property on a claim.
INSERT DATA { :party trt:location :one }
