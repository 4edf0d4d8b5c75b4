# A silence with a certainty.
INSERT DATA { :place trt:certainty trt:Certain }
