# A date counted in two calendars.
INSERT DATA { :party trt:calendar :story-years, :other-years }
