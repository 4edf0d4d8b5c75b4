# Two chains of holders for one claim.
INSERT DATA { :party trt:attribution :retold }
