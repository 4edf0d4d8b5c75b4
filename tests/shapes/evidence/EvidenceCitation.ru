# A citation dealt out: two for one piece of evidence.
INSERT DATA { :cited trt:citation :other . :other a trt:Citation }
