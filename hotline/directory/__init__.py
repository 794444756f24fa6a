"""Where help is: places by country, kept and checked by staff, told to callers and texted to who asks."""
