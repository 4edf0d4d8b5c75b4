# Resting on what is no assumption.
INSERT DATA { :window trt:restsOn :party }
